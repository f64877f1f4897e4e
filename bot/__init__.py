"""WongRaksa (วงรักษา): guards patient data in a hospital's LINE groups."""
