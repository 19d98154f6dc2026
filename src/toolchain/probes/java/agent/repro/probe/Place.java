package repro.probe;

/** A line of code, as rows name it. */
final class Place {
    final String file;
    final int line;
    final String function;
    final boolean own;

    Place(String file, int line, String function, boolean own) {
        this.file = file;
        this.line = line;
        this.function = function;
        this.own = own;
    }

    Place at(int otherLine) {
        return new Place(file, otherLine, function, own);
    }
}
