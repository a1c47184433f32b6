"""What tests are made of: apps that run, people who sign in, worlds with events and seats."""
