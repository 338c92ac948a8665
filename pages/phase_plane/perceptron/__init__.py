"""The perceptron, exact: its view and link, its controls, its charts."""
