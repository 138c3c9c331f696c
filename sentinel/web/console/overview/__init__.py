"""What the desk looks after beside the queue: warnings, suppressions, sources, the doctor."""
