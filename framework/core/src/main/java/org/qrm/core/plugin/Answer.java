package org.qrm.core.plugin;

/**
 * An accepted answer to a question of a wizard.
 *
 * @param secret never shown, logged or answered again
 */
record Answer(String text, boolean secret) {

    @Override
    public String toString() {
        return secret ? "(secret)" : text;
    }
}
