package org.qrm.api.event;

/**
 * What many of the machines that an alert is about have in common, and few others: maybe its cause.
 *
 * @param kind of what it is
 * @param name its name: of the switch that they are plugged in at, of their host, or the tag
 * @param query what finds all machines that have it, in the language of searches
 * @param affected how many machines of the alert have it
 * @param all how many machines have it
 */
public record InCommon(Kind kind, String name, String query, long affected, long all) {

    /** Of what it is. */
    public enum Kind {
        SWITCH,
        HOST,
        TAG
    }
}
