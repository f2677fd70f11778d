"""hammer.py HOST PORT SECONDS [CUT_MAX]: 20 clients that connect anew for each request, and say how they fared.

Status 1 where one was refused, waited for longer than 10 s, or more than CUT_MAX (0) had no whole answer.
"""
import collections
import socket
import sys
import threading
import time

CLIENTS = 20
PATIENCE_S = 10
REQUEST = b"GET /console HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

host, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
cut_max = int(sys.argv[4]) if len(sys.argv) > 4 else 0
end = time.monotonic() + seconds
outcomes = collections.Counter()
longest = 0.0
lock = threading.Lock()


def ask():
    with socket.create_connection((host, port), PATIENCE_S) as client:
        client.settimeout(PATIENCE_S)
        client.sendall(REQUEST)
        answer = b""
        while piece := client.recv(1 << 16):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return "200" if head.startswith(b"HTTP/1.1 200 ") and body.endswith(b"</html>\n") else "cut"


def run():
    global longest
    while time.monotonic() < end:
        begin = time.monotonic()
        try:
            outcome = ask()
        except ConnectionResetError:
            outcome = "cut"
        except OSError as error:  # refused, or out of patience
            outcome = type(error).__name__
        took = time.monotonic() - begin
        with lock:
            outcomes[outcome] += 1
            longest = max(longest, took)
        time.sleep(0.002)


threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(dict(outcomes), f"the longest wait {longest:.2f} s")
sys.exit(0 if outcomes["cut"] <= cut_max and set(outcomes) <= {"200", "cut"} else 1)
