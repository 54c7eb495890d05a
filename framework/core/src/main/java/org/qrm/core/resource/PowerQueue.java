package org.qrm.core.resource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qrm.api.Problem;
import org.qrm.api.power.PowerState;

/**
 * Whose turn it is to be asked whether a machine has power. A bounded number is asked at a time, and in a second: with many machines a round
 * takes longer. Those that do not answer, or slowly, wait for each other, and not others for them. Times in milliseconds.
 */
final class PowerQueue {

    /** At a time, in all; of one controller, so that more than half of the turns that ipmi and redfish have are left to operations. */
    static final int MOST = 32;

    static final int MOST_OF_ONE = 12;
    /** The same, of those that did not answer the last time, or slowly. */
    static final int MOST_DOUBTFUL = 4;
    /** Machines at a time for which it is looked up who could tell. */
    static final int MOST_LOOKUPS = 16;

    static final int A_SECOND = 20;
    static final int LOOKUPS_A_SECOND = 80;

    private final long usual;
    private final Map<Long, Watched> machines = new HashMap<>();
    private final Map<String, Integer> underWay = new HashMap<>();
    private final Allowance readings;
    private final Allowance lookups;
    private int allUnderWay;
    private Set<Integer> pluginsBefore = Set.of();
    private long told;

    /** @param usual time between two times that a machine is asked for, or longer */
    PowerQueue(long usual, long now) {
        this.usual = usual;
        this.readings = new Allowance(A_SECOND, now);
        this.lookups = new Allowance(LOOKUPS_A_SECOND, now);
    }

    /** These machines there are; new ones are asked for at once. */
    synchronized void know(List<ResourceRows.Power> all, long now) {
        Set<Long> there = new HashSet<>();
        all.forEach(each -> {
            there.add(each.id());
            machines.computeIfAbsent(each.id(), id -> new Watched(each, now));
        });
        machines.keySet().retainAll(there);
        told = machines.values().stream()
                .filter(each -> each.controller != null)
                .count();
    }

    synchronized void forget() {
        machines.clear();
        pluginsBefore = Set.of();
        told = 0;
    }

    /** When plug-ins come or go, who tells of a machine is looked up anew. */
    synchronized void plugins(Set<Integer> these, long now) {
        if (!these.equals(pluginsBefore)) {
            pluginsBefore = these;
            machines.values().forEach(each -> {
                each.controller = null;
                each.next = Math.min(each.next, now);
            });
        }
    }

    /**
     * It is asked for as soon as may be, and who is to be asked is looked up anew.
     *
     * @return whether it is known
     */
    synchronized boolean soon(long machine) {
        Watched watched = machines.get(machine);
        if (watched == null) {
            return false;
        }
        watched.next = 0;
        watched.again = watched.underWay;
        watched.controller = null;
        watched.failures = 0;
        watched.doubtful = false;
        return true;
    }

    /** Those that were not heard of since are asked for now, unless they were already since that counts. */
    synchronized void silent(Map<Long, Long> lastSeen, long counts, long now) {
        lastSeen.forEach((id, seen) -> {
            Watched each = machines.get(id);
            boolean told = each != null && each.controller != null && each.failures == 0;
            if (told && each.asked < seen + counts && each.next > now) {
                each.next = now;
            }
        });
    }

    /** Those whose turn it is; each is under way until its {@link #end}. */
    synchronized List<Watched> pick(long now) {
        readings.refill(now);
        lookups.refill(now);
        List<Watched> due = machines.values().stream()
                .filter(each -> !each.underWay && each.next <= now)
                .sorted(Comparator.comparingLong(each -> each.next))
                .toList();
        List<Watched> picked = new ArrayList<>();
        for (Watched each : due) {
            if (allUnderWay >= MOST) {
                break;
            }
            Allowance allowance = each.controller == null ? lookups : readings;
            int most = each.controller == null ? MOST_LOOKUPS : each.doubtful ? MOST_DOUBTFUL : MOST_OF_ONE;
            if (underWay.getOrDefault(each.lane(), 0) < most && allowance.take()) {
                begin(each);
                picked.add(each);
            }
        }
        return picked;
    }

    private void begin(Watched each) {
        each.underWay = true;
        each.turn = each.lane();
        underWay.merge(each.turn, 1, Integer::sum);
        allUnderWay++;
    }

    synchronized void end(Watched each) {
        each.underWay = false;
        if (each.again) {
            each.again = false;
            each.next = 0;
        }
        underWay.computeIfPresent(each.turn, (same, number) -> number == 1 ? null : number - 1);
        allUnderWay--;
        notifyAll();
    }

    synchronized void asked(Watched each, long started) {
        each.asked = started;
    }

    synchronized void found(Watched each, String who, long started) {
        each.controller = who;
        each.next = started;
        told++;
    }

    /** Nobody tells of it, or who does cannot: it is looked up, or asked, later. */
    synchronized void untold(Watched each, String who, long next) {
        each.controller = who;
        each.offSince = 0;
        each.next = next;
    }

    /** Whether its power is not known any more. */
    synchronized boolean failed(Watched each, Problem.Kind kind, long started) {
        return each.failed(kind, started, interval());
    }

    /** It was told whether it has power. */
    synchronized void succeeded(Watched each, PowerState said, long started, long took) {
        each.succeeded(said, started, took);
        // those that were found at the same time are not asked for at the same time for ever
        long spread = each.told == 0 ? each.id % 16 * interval() / 32 : 0;
        each.next = started + interval() - spread;
    }

    synchronized void again(Watched each, long next) {
        each.next = next;
    }

    /** How long it is between two times that the same machine is asked for. */
    synchronized long interval() {
        return Math.max(usual, told * 1000 / A_SECOND);
    }

    /** Waits until nobody is asked any more; for tests. */
    synchronized void awaitAnswers() throws InterruptedException {
        while (allUnderWay > 0) {
            wait();
        }
    }

    synchronized int underWay() {
        return allUnderWay;
    }

    /** So many in a second, and no more than that at once. */
    private static final class Allowance {
        private final int each;
        private double left;
        private long at;

        Allowance(int each, long now) {
            this.each = each;
            this.at = now;
            this.left = each;
        }

        void refill(long now) {
            left = Math.min(each, left + Math.max(0, now - at) / 1000.0 * each);
            at = now;
        }

        boolean take() {
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }
}
