package org.qrm.core.plugin;

/**
 * An accepted answer to a question of a plug-in.
 *
 * @param text empty when it cannot be read
 * @param secret never shown, logged or answered again
 * @param unreadable why the database's text of it cannot be opened, and what to do; null when it can
 */
public record Answer(String text, boolean secret, String unreadable) {

    public Answer(String text, boolean secret) {
        this(text, secret, null);
    }

    public boolean isReadable() {
        return unreadable == null;
    }

    @Override
    public String toString() {
        return secret ? "(secret)" : text;
    }
}
