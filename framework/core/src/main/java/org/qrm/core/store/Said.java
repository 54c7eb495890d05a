package org.qrm.core.store;

/**
 * What stands somewhere in a thing.
 *
 * @param field where: {@code serial number}
 * @param text what is looked through
 * @param shown how people see it, if not so
 */
public record Said(String field, String text, String shown) {

    public Said(String field, String text) {
        this(field, text, text);
    }
}
