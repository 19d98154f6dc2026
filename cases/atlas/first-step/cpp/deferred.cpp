// A deferred function runs where its result is asked for.
#include <future>
#include <iostream>

int main() {
    auto step = std::async(std::launch::deferred, [] { std::cout << "First step." << std::endl; });
    std::cout << "Others go on." << std::endl;
    step.get();
}
