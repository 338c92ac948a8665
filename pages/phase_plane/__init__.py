"""The Phase plane page: a part for networks and one for the perceptron, where all is exact."""
