package org.qrm.api.operation;

import java.util.List;
import java.util.Objects;

/**
 * What would be done to many things now.
 *
 * @param matches how many are meant
 * @param possible how many of them would be begun
 * @param things the first 1000 of them
 */
public record ManyPlan(int matches, int possible, List<Thing> things) {

    /** So many are listed. */
    public static final int LISTED = 1000;

    /**
     * One of them.
     *
     * @param subject {@code resource/17}
     * @param name what it is called
     * @param reason why it would be refused; empty when it would be begun
     */
    public record Thing(String subject, String name, String reason) {
        public Thing {
            Objects.requireNonNull(subject);
            Objects.requireNonNull(name);
            Objects.requireNonNull(reason);
        }
    }

    public ManyPlan {
        things = List.copyOf(things);
    }
}
