"""What mu_Y measures: two accuracies, how far the errors coincide, and what follows."""
