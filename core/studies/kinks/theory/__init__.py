"""What theory says of a network on a line."""
