package org.qrm.commands;

/** An answer of which some fields change all the time by themselves, which is no change to tell by an entity tag. */
public interface Restless {
    /** The same without those fields. */
    Object calm();
}
