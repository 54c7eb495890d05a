package org.qrm.commands;

/** A request that says itself what the audit log keeps of it. */
public interface Summarised {

    /** No secret, and short; may be empty. */
    String summary();
}
