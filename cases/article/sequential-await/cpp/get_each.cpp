// Each step runs in a thread of its own, and is waited for before the next is begun.
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
        std::async(std::launch::async, step, number).get();
    }
}
