// A thread runs as soon as it is made; only join waits.
#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

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
    std::vector<std::thread> steps;
    for (int number : {1, 2, 3}) {
        steps.emplace_back(step, number);
    }
    for (auto& each : steps) {
        each.join();
    }
}
