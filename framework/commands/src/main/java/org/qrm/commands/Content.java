package org.qrm.commands;

import java.util.List;
import org.qrm.api.command.CommandField;

/**
 * What a request or an answer carries.
 *
 * @param form how
 * @param type of the value, or of each item; null for bytes, text and nothing
 * @param fields instead of a type, of commands that plug-ins bring
 * @param mediaType as in Content-Type, null for nothing
 */
public record Content(Form form, Class<?> type, List<CommandField> fields, String mediaType) {

    /** Ways to carry something. */
    public enum Form {
        NOTHING,
        VALUE,
        /** An object with items and a cursor. */
        LIST,
        RAW
    }

    public static final String JSON = "application/json";

    public static final Content NOTHING = new Content(Form.NOTHING, null, List.of(), null);

    public static Content of(Class<?> type) {
        return new Content(Form.VALUE, type, List.of(), JSON);
    }

    public static Content of(List<CommandField> fields) {
        return new Content(Form.VALUE, null, List.copyOf(fields), JSON);
    }

    public static Content listOf(Class<?> type) {
        return new Content(Form.LIST, type, List.of(), JSON);
    }

    public static Content listOf(List<CommandField> fields) {
        return new Content(Form.LIST, null, List.copyOf(fields), JSON);
    }

    public static Content raw(String mediaType) {
        return new Content(Form.RAW, null, List.of(), mediaType);
    }
}
