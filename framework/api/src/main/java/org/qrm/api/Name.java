package org.qrm.api;

import java.util.regex.Pattern;

/** What a name of a virtual environment, image, storage server, plug-in or resource may be. */
public final class Name {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern OBEYED_OR_HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private Name() {}

    /**
     * Returns the name if it is one: 1 to 63 letters, digits, {@code . _ -}, starting with a letter or digit. Such a
     * name is safe in a path, a URL and a kernel argument; for those of machines see {@link HostName}.
     *
     * @throws QrmException kind INVALID
     */
    public static String checked(String attempted, String noun, String name) {
        if (name == null || !ALLOWED.matcher(name).matches()) {
            throw QrmException.invalid(
                    attempted,
                    printable(name),
                    "that is no name of a " + noun,
                    "Use 1 to 63 letters, digits, '.', '_' and '-', starting with a letter or digit.");
        }
        return name;
    }

    /**
     * Whether a character of a text that people give is shown as it is. Controls (but for line feeds), line separators,
     * marks of direction and other format characters, and halves of surrogate pairs are not: a terminal or a browser
     * obeys or hides them, so that a line may read as another.
     */
    public static boolean isShown(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> codePoint == '\n';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            default -> true;
        };
    }

    /**
     * A hostile string, made fit for a message: at most 80 characters, and a question mark for each that a terminal or a
     * browser would obey or hide (controls, line separators, marks of direction, halves of surrogate pairs).
     */
    public static String printable(String text) {
        return printable(text, 80);
    }

    /**
     * The same of a sentence that holds such strings, whose end says what to do.
     *
     * @param most characters, 1 or more
     */
    public static String printable(String text, int most) {
        if (text == null) {
            return "";
        }
        String cut = text;
        if (text.length() > most) {
            cut = text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most) + "…";
        }
        return OBEYED_OR_HIDDEN.matcher(cut).replaceAll("?");
    }
}
