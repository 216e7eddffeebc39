"""The private line to `stack`: JSON lines over fd 3."""

import json
import os
import socket
import threading


class Channel:
    def __init__(self, fd=3):
        os.set_inheritable(fd, False)
        self._socket = socket.socket(fileno=fd)
        self._lines = self._socket.makefile("r", encoding="utf-8")
        self._lock = threading.Lock()

    def greeting(self):
        """The first line: all that we are told. None when whoever started us is gone."""
        line = self._lines.readline()
        return json.loads(line) if line.strip() else None

    def tell(self, what, **fields):
        with self._lock:
            self._send({"tell": what, **fields})

    def ask(self, what, **fields):
        """One question at a time: the next line is its answer."""
        with self._lock:
            self._send({"ask": what, **fields})
            line = self._lines.readline()
        if not line:
            raise RuntimeError("stack is gone and cannot answer")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]

    def _send(self, message):
        self._socket.sendall((json.dumps(message, default=str) + "\n").encode())
