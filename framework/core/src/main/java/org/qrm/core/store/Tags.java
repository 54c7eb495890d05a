package org.qrm.core.store;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qrm.api.Tag;

/** Tags in a column: {@code |gpu=|rack=7|}, so that one pattern finds a name or a name with its value. */
public final class Tags {

    private Tags() {}

    public static String write(Collection<Tag> tags) {
        return tags.isEmpty()
                ? ""
                : tags.stream()
                        .sorted()
                        .map(tag -> tag.name() + "=" + tag.value())
                        .collect(Collectors.joining("|", "|", "|"));
    }

    public static List<Tag> read(String column) {
        return Stream.of(column.split("\\|"))
                .filter(text -> !text.isEmpty())
                .map(text -> new Tag(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1)))
                .toList();
    }

    /**
     * Those of before, but for what is said anew.
     *
     * @throws org.qrm.api.QrmException INVALID when they are too many
     */
    public static List<Tag> with(String attempt, Collection<Tag> before, Collection<Tag> said) {
        TreeMap<String, Tag> tags = new TreeMap<>();
        before.forEach(tag -> tags.put(tag.name(), tag));
        said.forEach(tag -> tags.put(tag.name(), tag));
        return Tag.checked(attempt, tags.values());
    }

    /** Of the rows whose column says what is asked for; with {@code escape '!'}. */
    public static String pattern(Tag wanted) {
        return wanted.value().isEmpty() ? containing("|" + wanted.name() + "=") : exactly(wanted);
    }

    /** Of those that say just that, also that it has no value. */
    public static String exactly(Tag wanted) {
        return containing("|" + wanted.name() + "=" + wanted.value() + "|");
    }

    private static String containing(String text) {
        return "%" + Column.escaped(text) + "%";
    }
}
