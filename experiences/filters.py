"""What an address asks of the list of experiences."""
