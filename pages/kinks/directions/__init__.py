"""Networks of two or more inputs: their view and link, their controls, their charts."""
