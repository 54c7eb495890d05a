package org.qrm.api;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What people say of a thing in a word: {@code gpu}, or {@code rack=7}. A thing has one tag of a name at most. Great and small
 * letters differ.
 *
 * @param name 1 to 63 letters, digits, {@code . _ -}, a letter or digit first
 * @param value the same with {@code : + @}, too; empty if it has none
 */
public record Tag(String name, String value) implements Comparable<Tag> {

    /** A thing has so many at most. */
    public static final int MOST = 32;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._:+@-]{0,62})?");

    public Tag {
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
    }

    /** @throws QrmException kind INVALID, with the tag */
    public static Tag parse(String attempted, String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String value = equals < 0 ? "" : text.substring(equals + 1);
        if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches() || equals >= 0 && value.isEmpty()) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(text),
                    "that is no tag",
                    "Write a name, or name=value: 1 to 63 letters, digits, '.', '_' or '-' each, a letter or digit first;"
                            + " a value may have ':', '+' and '@', too.");
        }
        return new Tag(name, value);
    }

    /**
     * Each of them once, by name.
     *
     * @throws QrmException kind INVALID, with the tag that is none or says something else than another
     */
    public static List<Tag> parse(String attempted, Collection<String> texts) {
        TreeMap<String, Tag> tags = new TreeMap<>();
        for (String text : texts) {
            Tag tag = parse(attempted, text);
            Tag other = tags.put(tag.name(), tag);
            if (other != null && !other.equals(tag)) {
                throw QrmException.invalid(
                        attempted, tag.toString(), "there is " + other + ", too", "Give one of that name.");
            }
        }
        return checked(attempted, tags.values());
    }

    /** The same of a line of them with blanks between. */
    public static List<Tag> parseLine(String attempted, String line) {
        return parse(
                attempted,
                Stream.of(line.split("\\s+")).filter(word -> !word.isEmpty()).toList());
    }

    /** @throws QrmException kind INVALID when they are too many */
    public static List<Tag> checked(String attempted, Collection<Tag> tags) {
        if (tags.size() > MOST) {
            throw QrmException.invalid(
                    attempted, tags.size() + " tags", "a thing has " + MOST + " at most", "Remove some.");
        }
        return List.copyOf(tags);
    }

    /** As a line, with blanks between. */
    public static String line(Collection<Tag> tags) {
        return tags.stream().map(Tag::toString).collect(Collectors.joining(" "));
    }

    /** Whether it says what is asked for: this name and this value, or this name with any. */
    public boolean says(Tag wanted) {
        return name.equals(wanted.name) && (wanted.value.isEmpty() || value.equals(wanted.value));
    }

    @Override
    public int compareTo(Tag other) {
        int names = name.compareTo(other.name);
        return names != 0 ? names : value.compareTo(other.value);
    }

    /** As it is written. */
    @Override
    public String toString() {
        return value.isEmpty() ? name : name + "=" + value;
    }
}
