package org.qrm.core.environment;

import java.util.List;
import org.qrm.core.operation.Work;
import org.qrm.core.store.Change;

/**
 * Which operation a virtual environment's state is of: the one that was asked for last. When it was accepted it set the state, and those
 * before it that end later leave that alone.
 */
final class Deciding {

    private static final List<String> KINDS = List.of(StartKind.NAME, StopKind.NAME, RestartKind.NAME);

    private Deciding() {}

    /**
     * Whether nothing was asked for after an operation that decides where its environment is to stand. To be asked after the environment
     * was read: who asks for something at this moment has changed that row, or does so after this change.
     */
    static boolean isLast(Change change, Work work, String environment) {
        return change.handle()
                        .createQuery("select count(*) from operation_lane l join operation o on o.id = l.operation_id"
                                + " where l.lane = :lane and l.operation_id > :id and o.kind in (<kinds>)")
                        .bind("lane", EnvironmentService.lane(environment))
                        .bind("id", work.operation())
                        .bindList("kinds", KINDS)
                        .mapTo(Long.class)
                        .one()
                == 0;
    }
}
