package org.qrm.commands.noun;

import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.commands.About;
import org.qrm.commands.VerbSketch;

/** What is to be said of a thing; what is not given stays as it is. */
record RemarkRequest(
        @About(value = "whom it belongs to: one line; empty for nobody", optional = true, most = Remark.LONGEST_OWNER)
        String owner,

        @About(
                value = "what others should know of it: Markdown, of which raw HTML is no part; empty for none",
                optional = true,
                most = Remark.LONGEST_NOTE)
        String note) {

    /** @throws QrmException INVALID when nothing is given */
    static Remark remark(String owner, String note) {
        if (owner == null && note == null) {
            throw QrmException.invalid("read the request", "", "it changes nothing", "Give an owner, a note, or both.");
        }
        return new Remark(owner, note);
    }

    /** How it is typed, of one of these. */
    static VerbSketch verb(String noun) {
        return VerbSketch.of(noun, "set")
                .about("Says whom it belongs to, or what others should know of it.")
                .input("note");
    }

    Remark remark() {
        return remark(owner, note);
    }
}
