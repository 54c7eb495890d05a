package org.qrm.core.store;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.qrm.api.Remark;

/**
 * What stands somewhere in a thing.
 *
 * @param field where: {@code serial number}
 * @param text what is looked through
 * @param shown how people see it; null for the line of the text that was found
 */
public record Said(String field, String text, String shown) {

    public Said(String field, String text) {
        this(field, text, text);
    }

    /** These, and what people say of the thing. */
    public static List<Said> with(Remark remark, Said... all) {
        return Stream.concat(Stream.of(all), of(remark).stream()).toList();
    }

    /** What people say of a thing. */
    public static List<Said> of(Remark remark) {
        return List.of(
                new Said("owner", remark.owner()),
                new Said("note", Objects.requireNonNullElse(remark.note(), ""), null));
    }
}
