// Two threads share four tasks: each takes the next one when it has done one.
#include <atomic>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

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
    std::atomic<int> next{0};
    auto work = [&next] {
        for (int id; (id = next++) < 4;) {
            perform_task(id);
        }
    };
    std::thread first(work), second(work);
    first.join();
    second.join();
}
