"""The charts of test error on smooth targets."""
