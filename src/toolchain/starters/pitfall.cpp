// Waits for each task before it starts the next.
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

// One write a line, and at once: a pipe would get all of them at the exit.
void say(const std::string& line) {
    std::cout << line + "\n" << std::flush;
}

void task(int number) {
    say("Task " + std::to_string(number) + " starts.");
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    say("Task " + std::to_string(number) + " is done.");
}

int main() {
    for (int number : {1, 2}) {
        std::thread(task, number).join();
    }
}
