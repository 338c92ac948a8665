"""What is read off a trajectory: pure functions of arrays, one idea a file."""
