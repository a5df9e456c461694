// Package workflow is an in-process, event-driven workflow engine for endless
// streams. Sources push events. Pure steps fold each event into the state of its
// key and name an action. Edges lead from a step and an action to the next step
// or to handlers, which have effects. What becomes of a handler comes back as an
// event: the feedback loop.
//
// It knows nothing of what flows through it. E is the payload of an event, S the
// state of a key.
//
//	w, err := workflow.New[Reading, State]("classify").
//		Step("classify", classifier, "normal", "high").
//		Handler("cool", cooler, &workflow.Effect[Reading, State]{Timeout: time.Minute}).
//		Edge("classify", "normal").
//		Edge("classify", "high", "cool").
//		Build()
//	e, err := workflow.NewEngine(w, workflow.Config[Reading, State]{})
//	stats, err := e.Run(ctx, source)
//
// The package's example is a whole program.
//
// # What is promised
//
// Each rule names the test that holds it.
//
// Building. [Builder.Build] returns a graph in which every action of a step has an edge,
// every node can be reached and no path is endless, or else every fault at once, those
// of how a handler is to be run included (TestBuildReportsEveryFaultAtOnce,
// TestBuildReportsEveryFaultOfAHandler, TestBuildRefusesGraphsThatCannotRun).
//
// Order. Events of one key are folded in the order in which they were admitted,
// and each handler gets them in that order, one at a time, retries included.
// Nothing is promised across keys. A handler with an attempt that was abandoned
// (see Timeout) goes on with the next event beside it
// (TestOrderOfAKeyIsKept, TestQueueDoesWhatItsModelDoes).
//
// Atomic state. S is a value. What the steps of a path make of it is committed
// when each of them led on to an edge and none panicked, else it stays as it was.
// Handlers get a copy (TestFoldCommitsAllOfAPathOrNothing,
// TestAnEventThatFailsLeavesNoTrace).
//
// Purity. A step uses the time of its event: no clock, no randomness, no I/O. So
// [Replay] over the same events by the same rules reproduces every state and action of
// a live run, across swaps, ticks and forgotten keys ([Workflow.Fold] is the one code
// path), and [Workflow.With] answers what other steps would have done
// (TestReplayIsTheLiveRunAgain, TestAReplayKeepsToTheRulesOfTheRun, TestReplayIsLiveBitForBit,
// TestAReplayEndsWhereItHasNoSteps, TestAReplayEndsALoopOfFeedbackWhereTheRunDid,
// TestAWhatIfCopyLeavesTheOriginalAlone).
//
// Errors end the event, never the engine. In the fold an invalid payload, an
// action without an edge, a panic and too many hops make a dead letter; at a
// handler a failure for good, a timeout, a panic and the end of the drain. A run
// ends when its sources have ended, its context is done or a [Stop] edge is
// passed; which of them it was is told by error values: nil, the context's cause,
// [ErrStopped]. Only a panic in the engine's own loops, as of the log it was
// given, ends a run too, and even then what is queued becomes dead letters
// (TestAPayloadThatIsWrongIsADeadLetter, TestTheCauseOfACancellationIsReturned,
// TestAnOutcomeThatPanicsIsADeadLetterAndTheLaneGoesOn,
// TestAPanicInTheFoldLoopEndsTheRunAndNothingHangs).
//
// Retries wait in the lane of their handler, never in the fold. Waits grow
// exponentially with full jitter from a seeded source and are never above their
// maximum. Each attempt gets the original event and state. Errors marked by
// [Permanent] and panics are not retried, and no wait ends beyond Retry.Budget. If the
// drain ends a wait, the dead letter has the last error and the cause
// (TestNoRetryBeginsBeyondTheBudget, TestRetriesWaitToTheNanosecond,
// TestDelayIsNeverAboveItsMaximumAndItsBoundNeverFalls,
// TestJitterIsTheSameForTheSameSeed, TestWhatNoRetryCanMendIsNotRetried).
//
// A [Limiter] spaces the attempts of a handler, and a [Breaker] refuses them while
// what they need is broken; both are asked in its lane
// (TestALimiterSpacesAttempts, TestABreakerRefusesUntilItClosesAgain).
//
// Timeout. The context of an attempt is cancelled with [ErrTimeout]; the next
// attempt does not begin before this one returned. One that has not returned
// after a grace is abandoned: the event is a dead letter with [ErrAbandoned], the
// lane goes on, and what the attempt returns some day counts for nothing. A
// goroutine cannot be killed, so it lasts until then. While Effect.MaxAbandoned of them
// hang, further events for the handler are dead letters at once, with
// [ErrTooManyAbandoned], so that what hangs stays bounded
// (TestAHandlerWithTooManyHangingAttemptsGetsNoMoreEvents, TestSixteenAttemptsMayHang,
// TestATimeoutCancelsAndTheNextAttemptWaitsForTheReturn,
// TestAnAttemptThatDoesNotReturnIsAbandonedAndTheLaneGoesOn).
//
// Sources run each in a goroutine of its own. One that fails, panics or hangs
// stops no other. One that is [Supervised] is started again with growing waits
// when it fails, so many times within a window, and is shown as stale while it is
// silent for longer than it should be; a failure for good is a [SourceError] in
// what Run returns, once all have ended. What [Sender.Send] accepted gets into the
// queue, even if the run is cancelled just then
// (TestASourceThatFailsStopsNoOther, TestAFailedSourceIsStartedAgain,
// TestRestartsAreCountedWithinAWindow, TestASilentSourceIsStale,
// TestASourceThatHangsDoesNotKeepTheRunFromEnding, TestAChannelLosesNothingThatSendAccepted).
//
// Overflow. Each queue is bounded and says what happens when it is full: [Block]
// holds the producer back, [DropOldest], [DropNewest] and [Reject] lose an event,
// [Coalesce] lets it take the place of its key's newest. Every loss is counted by
// its reason. Commands, outcomes and swaps ([Control]) are never lost and never
// overtaken by a coalesced event. The fold is held back by a handler only if that
// one's policy is Block, or Coalesce with no place to take
// (TestQueueDoesWhatItsModelDoes, TestCommandsAreNeverDropped,
// TestAStuckHandlerDoesNotSlowTheFold).
//
// Late. An event that is older than the newest of its key by more than
// Config.Lateness is counted and not folded. Commands are never late
// (TestALateEventIsCountedAndNotFolded).
//
// Timers. A [Timed] state gets an event of kind [Tick] with exactly the time it
// waits for: before the first data event of its key that is not older, or when
// [Engine.Advance] says that time has come. Both are in the order of the stream, so a
// replay has the same ticks (TestATickComesAtItsTimeBeforeTheEventThatBringsIt,
// TestTicksAreTheSameLiveAndReplayed, TestATimerThatDoesNotMoveOnIsADeadLetter).
//
// Forgetting. With Config.Forget the state of a key that has been silent for longer,
// by Advance, waits for nothing and is [Forgettable] is let go and counted
// (TestSilentKeysAreForgotten).
//
// Revisions. [Engine.Swap] replaces a step between two events: those admitted
// before are judged by the old one, those admitted after by the new. Each event
// and each dead letter carries the revision it was judged by
// (TestASwapIsAnEventBoundary, TestLettersCarryTheRevisionTheyWereJudgedBy).
//
// Dead letters keep the event, the state it left, the reason, the first and the last
// error and the number of attempts, in a store that must satisfy the test of
// workflowtest (TestMemoryLettersAreAStore, TestTheReasonOfALetterIsToldByItsError,
// TestALetterTellsItsFirstAndItsLastFailure, TestAStoreOfLettersThatFailsIsCounted).
// [Engine.Redrive] sends their events again: one of a handler to that handler
// alone, with the state it had, one of the fold as a new event that is never late.
// What was redriven is dropped by no policy. A letter of the fold leaves the store once
// its event is admitted, one of a handler once that is done with it or its next letter
// is stored: so a crash in between leaves the letter there, and a person may send it
// again. It is sent once however many ask for it at the same time, and the drain waits
// for the letter that is being handed over
// (TestARedrivenLetterStaysUntilItsHandlerIsDone, TestALetterStaysIfTheOneInItsPlaceIsLost,
// TestALetterOfAHandlerGoesToThatHandlerAgain, TestALetterOfTheFoldIsAdmittedAgain,
// TestARedrivenEventBeginsItsHopsAnew, TestWhatWasRedrivenIsNotDropped,
// TestALetterIsSentOnceHoweverManyAskAtOnce, TestALetterThatCannotBeRemovedIsNotSentTwice,
// TestLettersThatStayAreTold, TestAFullStoreHasRoomForWhatWasRedriven,
// TestTheDrainWaitsForWhatIsBeingRedriven, TestTheDrainIsNotOverBeforeALetterIsHandedOver).
//
// Feedback carries the event that caused it and the number of its hops; after
// Config.MaxHops it ends as a dead letter. It never waits for room, so that a loop
// cannot lock itself up (TestOutcomesComeBackWithTheirCause,
// TestALoopOfFeedbackEndsAsADeadLetter).
//
// Drain. At its end a run stops the sources, folds what is queued and lets
// handlers finish, those that wait being told by [Draining]. After
// Config.DrainTimeout their contexts are cancelled, and what is left becomes dead
// letters with [ErrShutdown] (TestTheEndOfAllSourcesLosesNothing,
// TestTheDrainLetsHandlersFinish, TestAfterTheDrainTimeoutTheRestAreDeadLetters).
//
// Delivery. With Config.Journal a shard appends each batch before it folds it, so
// what is in the journal outlives a crash; what was only queued does not. [NewEngine]
// folds the journal again after the snapshot it is given: each event in it has been
// folded exactly once, into the state it had, with the ID, revision and ticks it had.
// Handlers run at least once: what none was recorded as done with is dispatched
// again, and (Event.ID, handler) tells a repeated attempt. A handler's outcome and
// the record that it is done are one, so outcomes are folded exactly once. What was
// shed is done, a dead letter is, what the drain cut off is not: it runs again. A
// handler marked as Effect.AtMostOnce is not followed by the journal: a crash does not
// run it again, and an event that goes to none but such is one record
// (TestTheJournalDoesNotFollowWhatRunsAtMostOnce,
// TestWhatRunsAtMostOnceCostsTheJournalOneRecord,
// TestAnOutcomeOfWhatRunsAtMostOnceIsFoldedEvenIfTheDrainCutItOff,
// TestAfterACrashEventsAreFoldedOnceAndHandledAtLeastOnce, TestReplayIsLiveBitForBit,
// TestWhatTheDrainCutOffRunsAgain, TestWhatWasShedOrDiedInTheFoldIsDone,
// TestADeadLetterIsNotLostBetweenTheJournalAndItsStore, TestIDsGoOnAfterARestore,
// TestSilentKeysAreForgottenAgain, TestWhenARunIsOverTheJournalKnowsEverything,
// TestAnEngineThatCannotBeRestoredSaysWhy, TestMemoryJournalIsAJournal).
//
// A journal may have a window within which a crash loses what was appended, the
// newest first: see [Flusher]. A snapshot does not know of what may still be lost,
// and no ID of a lost event is given again (TestAJournalMayHaveAWindow,
// TestASnapshotKnowsOfNoMoreThanItsJournal).
//
// A journal that fails is asked again, with growing waits, and holds the fold and so
// the producers back; each failure is counted and logged. What it has not taken by
// the end of the drain becomes dead letters with [ErrShutdown], and is not folded
// (TestAJournalThatFailsHoldsEventsBackUntilItRecovers,
// TestWhatAJournalNeverTookIsADeadLetter).
//
// Snapshots. [Engine.Snapshot] may be taken at any time, also between the ticks of
// one event; a journal may be truncated up to it once it is kept, in a store of
// [Snapshots] that satisfies the test of workflowtest. [WriteSnapshot] and
// [ReadSnapshot] find every flipped bit, lead older forms of states on by the
// migrations of a [Codec] and refuse newer ones
// (TestMemorySnapshotsAreAStore,
// TestASnapshotBetweenTheTicksOfAnEventKeepsTheirIDs, TestAWrittenSnapshotKeepsEveryField,
// TestAFlippedBitIsFound, TestASnapshotOfOtherVersionsSaysWhatIsWanted,
// TestACodecLeadsOldVersionsOnAndRefusesTheRest).
//
// Whoever looks is never in the way. [Engine.Changed] is a wake-up with one slot,
// and states and figures can be looked at while the fold is held back
// (TestChangedTellsOfEveryChangeAndHoldsNobodyUp,
// TestAHandlerThatBlocksHoldsTheFoldButNobodyWhoLooks).
//
// Nesting. [Nested] is a handler that runs a workflow of its own until that ends,
// its time is up ([ErrTimeout]) or the outer one is drained ([ErrDraining]); in
// each case the inner one is drained first
// (TestANestedWorkflowEndsForItsOwnReasons, TestANestedWorkflowIsDrainedWithTheOneAroundIt).
// [Call] is Nested for a finite workflow, whose result comes back as an event
// (TestACalledWorkflowAnswersByAnEvent). [Results] chains two workflows: what the
// first has folded are the events of the second, which holds the first back when it
// is slower and ends with it (TestResultsAreTheEventsOfAnother,
// TestResultsHoldTheFirstBack, TestResultsThatNobodyTakesAreDeadLetters).
//
// Adapters. [FuncSource], [FromSeq] and [TickerSource] make sources; a full queue
// ends none of them. A handler that is an [io.Closer] is closed at the end of the
// run (TestSourcesFromFunctionsAndSequences, TestATickerEmitsAtEveryInterval,
// TestASourceIsNotEndedByAFullQueue, TestAHandlerThatCanBeClosedIsClosedAtTheEnd).
//
// Drawings. [Workflow.DOT] and [Workflow.Mermaid] draw the graph, with the figures of
// a run or without. Names in them are labels and nothing else, whatever they hold
// (TestGraphsAreDrawn, TestNamesInDrawingsAreInert).
//
// # The accounting law
//
// It holds at every instant, whoever asks and however busy the engine is.
// [Stats.Check] returns an error when it does not
// (TestLawHoldsAtEveryInstant, TestCheckFindsEveryCounterThatIsWrong). Random graphs
// under random faults, policies and redrives are held to it, to the order of a key
// and to a model of the states (TestRandomGraphsKeepEveryRule).
//
//	Offered    = Received + Waiting + Rejected
//	Received   = Folded + Coalesced + DroppedOldest + DroppedNewest + Late + DeadFold + Queued
//	Dispatched = Handled + DeadHandler + Shed + Open
//	Letters    = Stored + Lost
//	Found + Stored = Kept + Redriven + DroppedLetters
//	Outcomes <= Offered, Handled + DeadHandler + Open
//
// # Where to find what
//
// What a guide to event-driven workflows asks for, where it lives, and a test of it:
//
//   - event classification: [Step], [Workflow.Fold] (TestFoldCommitsAllOfAPathOrNothing)
//   - action types: [Action], checked by [Builder.Build] (TestBuildReportsEveryFaultAtOnce)
//   - routing: [Builder.Edge] (TestRandomGraphsKeepEveryRule)
//   - termination conditions: [Stop], the end of all sources, the context of
//     [Engine.Run] (TestAStopEdgeEndsTheRunAndFoldsWhatIsQueued, TestTheEndOfAllSourcesLosesNothing)
//   - timeouts: Effect.Timeout (TestATimeoutCancelsAndTheNextAttemptWaitsForTheReturn)
//   - error recovery: dead letters, [Engine.Redrive] (ExampleEngine_Redrive), [Supervision]
//     (TestAFailedSourceIsStartedAgain)
//   - retries with backoff: [Retry] (TestRetriesWaitToTheNanosecond)
//   - state and persistence: [Engine.State], [Snapshot], [Journal]
//     (TestAfterACrashEventsAreFoldedOnceAndHandledAtLeastOnce)
//   - backpressure: [Overflow] (TestQueueDoesWhatItsModelDoes)
//   - latency and queue depth: [Stats] (TestLatenciesAreMeasuredFromTheHandOver, TestLawHoldsAtEveryInstant)
//   - dead letters: [DeadLetters], [Letter] (TestWhatWasRedrivenIsNotDropped)
//   - cleanup: Config.Forget, [Engine.Drop] (TestSilentKeysAreForgotten)
//   - serialization and versioning: [Codec], [WriteSnapshot]
//     (TestACodecLeadsOldVersionsOnAndRefusesTheRest, TestAWrittenSnapshotKeepsEveryField)
//   - nesting: [Nested], [Call] (TestANestedWorkflowEndsForItsOwnReasons,
//     TestACalledWorkflowAnswersByAnEvent)
//   - converting results into events: Effect.Outcome (TestOutcomesComeBackWithTheirCause),
//     [Results] (TestResultsAreTheEventsOfAnother)
//
// # What is not promised
//
// Durability without a journal: states and queues are gone with the process, so an
// event is delivered at most once across a crash, and IDs begin anew with each
// engine. With one, that Emit returned nil does not mean that the event is in the
// journal yet. [MemoryLetters], [MemoryJournal] and [MemorySnapshots] are gone with the
// process, too.
//
// A replay by other steps: without Config.Steps the journal is folded again by the
// steps NewEngine was given, whatever judged it before. Ticks may then be others, and
// a handler may run again for one, or not at all. Likewise when Effect.AtMostOnce is
// changed while the journal still holds events of before.
//
// Order of what is redriven: it comes after events of its key that are newer.
//
// Fairness: a step that does not return holds up its shard, and a key that floods
// its shard's queue fills it for the other keys too.
//
// # Testing
//
// A step is a function: call it, or [Workflow.Fold], with made-up events. For a
// whole engine use testing/synctest: retries, timeouts and the drain then take no
// time and are exact. [Engine.Settle] returns when nothing is under way, feedback
// included, so a test need not wait and hope.
package workflow
