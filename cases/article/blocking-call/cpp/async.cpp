// Two threads, whose futures are kept: the one that blocks holds up nobody.
#include <chrono>
#include <future>
#include <iostream>
#include <string>
#include <thread>

// One write a line, and at once: a pipe would get all of them at the exit.
void say(const std::string& line) {
    std::cout << line + "\n" << std::flush;
}

void blocking_task(int seconds) {
    say("Starting blocking task for " + std::to_string(seconds) + " seconds.");
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    say("Blocking task done after " + std::to_string(seconds) + " seconds.");
}

void non_blocking_task(int seconds) {
    say("Starting non-blocking task for " + std::to_string(seconds) + " seconds.");
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    say("Non-blocking task done after " + std::to_string(seconds) + " seconds.");
}

int main() {
    auto blocking = std::async(std::launch::async, blocking_task, 2);
    auto non_blocking = std::async(std::launch::async, non_blocking_task, 1);
    blocking.get();
    non_blocking.get();
}
