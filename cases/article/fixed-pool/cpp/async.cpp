// std::async with this policy has no pool: each task gets a thread.
#include <chrono>
#include <future>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

// One write a line, and at once: a pipe would get all of them at the exit.
void say(const std::string& line) {
    std::cout << line + "\n" << std::flush;
}

void perform_task(int id) {
    say("Task " + std::to_string(id) + " starting.");
    std::this_thread::sleep_for(std::chrono::seconds(1));
    say("Task " + std::to_string(id) + " completed.");
}

int main() {
    std::vector<std::future<void>> tasks;
    for (int id = 0; id < 4; id++) {
        tasks.push_back(std::async(std::launch::async, perform_task, id));
    }
    for (auto& each : tasks) {
        each.get();
    }
}
