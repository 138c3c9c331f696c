"""What several events say together: counts, sums and sequences in time, for whom."""
