"""What is kept of a bank while it trains, a recording for each study."""
