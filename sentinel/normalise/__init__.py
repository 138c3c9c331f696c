"""3. What a record means, in ECS field names."""
