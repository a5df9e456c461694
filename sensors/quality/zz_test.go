package quality
import ("testing";"setpoint/sensors")
func BenchmarkDup(b *testing.B){
	rules := &Rules{}
	var track Tracker
	track,_ = track.Judge(rules,start,0,20,sensors.Good,false)
	for b.Loop(){ track,_ = track.Judge(rules,start,0,20,sensors.Good,false)}
}
func BenchmarkDupP(b *testing.B){
	rules := &Rules{}
	var track Tracker
	track,_ = track.Judge(rules,start,0,20,sensors.Good,false)
	for b.Loop(){ _ = track.judge(rules,start,0,20,sensors.Good,false)}
}
type state struct { a [40]int64; Track Tracker; b [10]int64 }
func BenchmarkState(b *testing.B){
	rules := &Rules{}
	var s state
	vs := noisy(20,0.5,1024)
	at := start
	i := 0
	for b.Loop(){ 
		at += 1e9; i++
		var d Verdict
		s.Track, d = s.Track.Judge(rules,at,0,vs[i%1024],sensors.Good,false)
		_=d}
}
func BenchmarkStateP(b *testing.B){
	rules := &Rules{}
	var s state
	vs := noisy(20,0.5,1024)
	at := start
	i := 0
	for b.Loop(){ 
		at += 1e9; i++
		d := s.Track.judge(rules,at,0,vs[i%1024],sensors.Good,false)
		_=d}
}
