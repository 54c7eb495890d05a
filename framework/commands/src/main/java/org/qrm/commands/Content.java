package org.qrm.commands;

/**
 * What a request or an answer carries.
 *
 * @param form how
 * @param type of the value, or of each item; null for bytes, text and nothing
 * @param mediaType as in Content-Type, null for nothing
 */
public record Content(Form form, Class<?> type, String mediaType) {

    /** Ways to carry something. */
    public enum Form {
        NOTHING,
        VALUE,
        /** An object with items and a cursor. */
        LIST,
        RAW
    }

    public static final String JSON = "application/json";

    public static final Content NOTHING = new Content(Form.NOTHING, null, null);

    public static Content of(Class<?> type) {
        return new Content(Form.VALUE, type, JSON);
    }

    public static Content listOf(Class<?> type) {
        return new Content(Form.LIST, type, JSON);
    }

    public static Content raw(String mediaType) {
        return new Content(Form.RAW, null, mediaType);
    }
}
