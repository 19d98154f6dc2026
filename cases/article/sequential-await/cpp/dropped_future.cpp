// Nobody waits, it seems; but the future that std::async returns waits in its destructor.
#include <chrono>
#include <future>
#include <iostream>
#include <string>
#include <thread>

// One write a line, and at once: a pipe would get all of them at the exit.
void say(const std::string& line) {
    std::cout << line + "\n" << std::flush;
}

void step(int number) {
    say("Step " + std::to_string(number) + " starting.");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    say("Step " + std::to_string(number) + " done.");
}

int main() {
    for (int number : {1, 2, 3}) {
        // Kept by nobody, the future is destroyed here: not before the step is done.
        (void)std::async(std::launch::async, step, number);
    }
}
