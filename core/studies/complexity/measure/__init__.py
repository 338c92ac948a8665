"""What mu_Y measures, on tables of F, L and Y that a reader sets: nothing is trained."""
