"""6. Detections of one cause become one alert with a life."""
