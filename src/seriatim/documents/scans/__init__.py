"""Scanning into a draft or pending document: every scan is a row, judged by the rules that posting goes by."""
