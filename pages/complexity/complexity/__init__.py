"""Networks in training beside the classifiers that explain them: view and link, controls, charts."""
