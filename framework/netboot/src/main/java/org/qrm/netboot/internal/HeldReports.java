package org.qrm.netboot.internal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.qrm.api.node.Instruction;

/**
 * Reports that wait for an instruction, one for each resource. A machine that lost its connection reports again; the
 * report that it gave up ends then, since nobody would read its answer.
 */
final class HeldReports {

    private static final byte[] CONTINUE = NodeAnswer.instruction(new Instruction.Continue());

    private final ConcurrentMap<Long, Exchange> held = new ConcurrentHashMap<>();

    /** @param cancel tells the core that nobody waits any more; does nothing when it has answered */
    void hold(long resource, Exchange exchange, Runnable cancel) {
        Exchange before = held.put(resource, exchange);
        exchange.onEnd(() -> {
            held.remove(resource, exchange);
            cancel.run();
        });
        if (before != null) {
            before.answer(CONTINUE);
        }
    }
}
