package org.qrm.commands;

/** A view with more than can be changed of the thing: what happens by itself makes no other entity tag. */
public interface Restless {

    /** The same with nothing but what tells it from others, and what can be changed. */
    Object calm();
}
