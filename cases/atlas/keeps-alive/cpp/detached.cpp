// A detached thread.
#include <chrono>
#include <iostream>
#include <thread>

int main() {
    std::thread([] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        std::cout << "Work is done." << std::endl;
    }).detach();
    std::cout << "Main is done." << std::endl;
}
