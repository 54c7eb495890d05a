package org.qrm.core.store;

/**
 * A column that a text is looked for in: three conditions, with the parameters of {@link Sought}.
 *
 * @param exact it is the text
 * @param begins it begins with it
 * @param has it has it somewhere
 */
public record Place(String exact, String begins, String has) {

    static final String NEVER = "1 = 0";

    /** A text. */
    public static Place text(String column) {
        String small = "lower(" + column + ")";
        return new Place(small + " = :text", small + " like :begins escape '!'", small + " like :part escape '!'");
    }

    /** Texts in small letters, each on a line of its own, with a line's end before the first. */
    public static Place lines(String column) {
        return new Place(
                column + " like :line escape '!'",
                column + " like :lineBegins escape '!'",
                column + " like :part escape '!'");
    }

    /** Tags, see {@link Tags}. */
    public static Place tags(String column) {
        String small = "lower(" + column + ")";
        return new Place(
                "(" + small + " like :tag escape '!' or " + small + " like :tagName escape '!')",
                small + " like :tagBegins escape '!'",
                small + " like :part escape '!'");
    }

    /** A number, which is the text or is not. */
    public static Place number(String column) {
        return new Place(column + " = :number", NEVER, column + " = :number");
    }
}
