"""What holds for every history, drawn by Hypothesis and figured twice."""
