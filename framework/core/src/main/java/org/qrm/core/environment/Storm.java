package org.qrm.core.environment;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether so many machines of virtual environments are lost at once that the cause is rather a switch, a power line or the server's own
 * network than the machines: a pure function of what is known of them.
 */
final class Storm {

    private static final int LEAST = 3;
    /** It begins with more than one of so many, and lasts while it is more than one of those. */
    private static final int BEGINS = 3;

    private static final int LASTS = 4;

    private Storm() {}

    /**
     * A machine that is bound to an environment.
     *
     * @param host its host, if it is a partition; else null
     * @param lost whether it counts as lost, or has not been heard of for half of the time after which it does
     * @param lately whether it was heard of a while ago
     */
    record Bound(long id, Long host, boolean lost, boolean lately) {}

    /** What is counted: a partition that is lost with its host is not counted beside it. */
    record Count(int machines, int lost, int lostLately) {

        static Count of(List<Bound> all) {
            Set<Long> lost = all.stream().filter(Bound::lost).map(Bound::id).collect(Collectors.toSet());
            List<Bound> counted = all.stream()
                    .filter(each -> each.host() == null || !lost.contains(each.host()))
                    .toList();
            int silent = (int) counted.stream().filter(Bound::lost).count();
            int lately = (int) counted.stream()
                    .filter(each -> each.lost() && each.lately())
                    .count();
            return new Count(counted.size(), silent, lately);
        }
    }

    /** Whether healing is to wait. */
    static boolean now(boolean before, Count count) {
        return before
                ? count.lost >= LEAST && count.lost * LASTS > count.machines
                : count.lostLately >= LEAST && count.lostLately * BEGINS > count.machines;
    }
}
