package org.qrm.core.plugin;

/**
 * An accepted answer to a question of a wizard.
 *
 * @param text empty when it cannot be read
 * @param secret never shown, logged or answered again
 * @param unreadable why the database's text of it cannot be opened, and what to do; null when it can
 */
record Answer(String text, boolean secret, String unreadable) {

    Answer(String text, boolean secret) {
        this(text, secret, null);
    }

    boolean isReadable() {
        return unreadable == null;
    }

    @Override
    public String toString() {
        return secret ? "(secret)" : text;
    }
}
