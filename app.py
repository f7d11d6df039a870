"""Opens the chat over the notes in `corpus/`: `python app.py`, then http://127.0.0.1:7860."""

import sys

from tutor.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["serve"]
    main()
