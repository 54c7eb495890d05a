package org.qrm.commands.noun;

import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** What a change calls the thing that is in its path already. */
final class SameName {

    private SameName() {}

    /**
     * @param inPath the name in the path
     * @param inBody the name in the body, null when there is none
     * @throws QrmException INVALID when they differ
     */
    static void check(String attempted, String inPath, String inBody) {
        if (inBody != null && !inBody.equals(inPath)) {
            throw QrmException.invalid(
                    attempted,
                    inPath,
                    "the body names another: " + Name.printable(inBody),
                    "A name never changes; delete it and create another.");
        }
    }
}
