package org.qrm.api;

import java.util.Objects;

/**
 * What people say of a thing beside its tags: whom it belongs to, and what others should know of it. In a change of it null says nothing: that part
 * stays as it is.
 *
 * @param owner one line of at most {@link #LONGEST_OWNER} characters; empty when nobody said
 * @param note Markdown of at most {@link #LONGEST_NOTE} characters, whose lines end with a line feed; empty for none; null where it was not read, as in
 *     lists
 */
public record Remark(String owner, String note) {

    /** In characters (UTF-16). */
    public static final int LONGEST_OWNER = 120;

    /** In characters (UTF-16). */
    public static final int LONGEST_NOTE = 10_000;

    /** Nobody said anything. */
    public static final Remark NONE = new Remark("", "");

    /** An owner, where the note is not read. */
    public static Remark of(String owner) {
        return new Remark(Objects.requireNonNull(owner), null);
    }

    /** The same with that note. */
    public Remark noted(String other) {
        return new Remark(owner, other);
    }

    /** What is said after a change. */
    public Remark after(Remark change) {
        return new Remark(Objects.requireNonNullElse(change.owner, owner), change.note == null ? note : change.note);
    }

    /**
     * As it is stored, what of it is given: without blanks around the owner and at the end of the note, whose lines end with line feeds alone.
     *
     * @param subject what it is said of, for people
     * @throws QrmException INVALID for what is too long, and for characters that a terminal or a browser obeys or hides
     */
    public Remark checked(String attempted, String subject) {
        return new Remark(
                owner == null ? null : owner(attempted, subject, owner.strip()),
                note == null
                        ? null
                        : note(attempted, subject, note.replace("\r\n", "\n").stripTrailing()));
    }

    private static String owner(String attempted, String subject, String owner) {
        boolean shown = owner.codePoints().allMatch(point -> point != '\n' && Name.isShown(point));
        return given(shown, attempted, subject, "owner", owner, LONGEST_OWNER);
    }

    /** Tabs are in tables and code; joiners are parts of letters and pictures, and hide nothing. */
    private static String note(String attempted, String subject, String note) {
        boolean shown = note.codePoints()
                .allMatch(point -> point == '\t' || point == 0x200c || point == 0x200d || Name.isShown(point));
        return given(shown, attempted, subject, "note", note, LONGEST_NOTE);
    }

    private static String given(boolean shown, String attempted, String subject, String what, String text, int most) {
        if (!shown || text.length() > most) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(subject),
                    shown
                            ? "the " + what + " has " + text.length() + " characters"
                            : "the " + what + " has control or format characters",
                    what.equals("owner")
                            ? "Give one line of at most " + most + " characters."
                            : "Give a text of at most " + most + " characters.");
        }
        return text;
    }
}
