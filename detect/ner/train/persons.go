package main

import "strings"

// givenName returns a first name: of the language, at times of another one, and
// in texts in Latin letters at times any name that people have.
func (f *filler) givenName(list string) string {
	if !spaceless[f.lang] && chance(f.r, 0.1) {
		return f.blend(f.in("female", "en"))
	}
	if f.lang == "en" || !spaceless[f.lang] && chance(f.r, 0.15) {
		switch x := f.r.Float64(); {
		case x < 0.25:
			if v := f.in(list, pick(f.r, latin)); len(v) > 0 {
				return pick(f.r, v)
			}
		case x < 0.32:
			return f.anyName()
		case x < 0.5 && f.lang == "en":
			return pick(f.r, popularFirst)
		}
	}
	if f.lang == "ko" {
		switch x := f.r.Float64(); {
		case x < 0.25:
			return pick(f.r, koreanSyllables) + pick(f.r, koreanSyllables)
		case x < 0.65:
			return pick(f.r, f.lists["first"]["ko_dict"])
		}
	}
	if f.lang == "ja" && chance(f.r, 0.5) {
		return pick(f.r, f.lists["first"]["ja_dict"])
	}
	return f.one(list)
}

func (f *filler) first() string { return f.givenName(pick(f.r, []string{"female", "male"})) }

// anyName is one of the large list of names of people.
func (f *filler) anyName() string {
	for {
		if n := pick(f.r, f.lists["human"]["all"]); len(n) > 2 && len(n) < 14 {
			return n
		}
	}
}

// blend is a name that is on no list: the beginning of one and the end of another.
func (f *filler) blend(names []string) string {
	for {
		a, b := []rune(pick(f.r, names)), []rune(f.anyName())
		if len(a) > 2 && len(b) > 3 {
			return string(a[:2+f.r.IntN(len(a)-2)]) + strings.ToLower(string(b[len(b)/2:]))
		}
	}
}

func (f *filler) last() string {
	if !spaceless[f.lang] && chance(f.r, 0.1) {
		return f.blend(f.in("last", "en"))
	}
	if f.lang == "ko" {
		if chance(f.r, 0.85) {
			return pick(f.r, koreanLast)
		}
		return f.one("last")
	}
	if f.lang == "en" || !spaceless[f.lang] && chance(f.r, 0.15) {
		switch x := f.r.Float64(); {
		case x < 0.25:
			if v := f.in("last", pick(f.r, latin)); len(v) > 0 {
				return pick(f.r, v)
			}
		case x < 0.4:
			return f.anyName()
		case x < 0.55 && f.lang == "en":
			return pick(f.r, popularLast)
		}
	}
	return f.one("last")
}

// person returns a full name in the forms of the language.
func (f *filler) person() string {
	switch f.lang {
	case "ko":
		switch x := f.r.Float64(); {
		case x < 0.04:
			return pick(f.r, koreanForeign)
		case x < 0.14:
			return f.foreign(pick(f.r, f.lists["foreign"]["ko"]))
		case x < 0.2:
			return pick(f.r, f.lists["human"]["ko"])
		case x < 0.25:
			return f.foreign(f.hangul(2))
		case x < 0.27:
			return f.hangul(1)
		}
		if chance(f.r, 0.06) {
			return f.last() + " " + f.first()
		}
		return f.last() + f.first()
	case "ja":
		if chance(f.r, 0.4) {
			return f.last() + " " + f.first()
		}
		return f.last() + f.first()
	case "zh":
		return f.last() + f.first()
	}
	if f.lang == "en" && chance(f.r, 0.07) {
		return f.eastern()
	}
	first, last := f.first(), f.last()
	if (f.lang == "es" || f.lang == "pt") && chance(f.r, 0.4) {
		last += " " + f.last()
	}
	switch x := f.r.Float64(); {
	case x < 0.07:
		return first + " " + f.first() + " " + last
	case x < 0.13:
		return first + " " + capital(f) + ". " + last
	case x < 0.15:
		return first + " " + capital(f) + " " + last
	case x < 0.18:
		return first + " " + last + "-" + f.last()
	case x < 0.20 && f.lang == "en":
		return first + " " + last + pick(f.r, []string{" Jr.", " Sr.", " III", ", Jr."})
	case x < 0.22:
		return first + "-" + f.first() + " " + last
	case x < 0.24:
		return first + " " + pick(f.r, []string{"de", "van", "von", "van der", "de la", "bin", "al", "della", "di", "O'", "Mc", "El"}) + glue(last)
	case x < 0.26 && f.lang == "en":
		return f.first() + ` "` + pick(f.r, nicks) + `" ` + last
	}
	return first + " " + last
}

// foreign is a foreigner's name in Korean, at times without its spaces.
func (f *filler) foreign(name string) string {
	if chance(f.r, 0.25) {
		return strings.ReplaceAll(name, " ", "")
	}
	return name
}

// eastern is a name of China, Korea or the Arab world in Latin letters.
func (f *filler) eastern() string {
	syllable := func(from []string) string { return pick(f.r, from) }
	switch f.r.IntN(4) {
	case 0:
		given := titled(syllable(pinyin))
		if chance(f.r, 0.5) {
			given += syllable(pinyin)
		}
		return pick(f.r, chineseLast) + " " + given
	case 1:
		return pick(f.r, koreanLatin) + " " + titled(syllable(romaja)) + pick(f.r, []string{"-", "-", " ", ""}) + syllable(romaja)
	}
	last := pick(f.r, []string{"al-", "al-", "el-", "Al-", "Abu ", "bin ", "Ibn ", "Abd al-", "Al "}) + f.arabic()
	if chance(f.r, 0.2) {
		return last
	}
	return f.arabic() + " " + last
}

// arabic is a name as it is, or one that no list has.
func (f *filler) arabic() string {
	name := pick(f.r, arabicNames)
	if chance(f.r, 0.3) {
		return f.blend(arabicNames)
	}
	return name
}

var (
	chineseLast = strings.Fields(`Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang Deng Han Feng Cao Peng
		Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Lyu Yao Shen Zhong Jia Xia Fu Fang Zou Xiong Bai Meng Qin Qiu Hou`)
	pinyin = strings.Fields(`na wei fang min jing li qiang lei yang jun yong jie juan tao chao ming hong gang yan ping xia hua bo lin yi xin yu ting han ying ling mei zhen
		feng hao kai rui shan wen xue yun zhi jian guo qing long chen bin peng dan ni lu rong hui cheng dong bao zi mo shu tian an`)
	koreanLatin = strings.Fields(`Kim Lee Park Choi Jung Jeong Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song Ryu Hong Moon Yang Bae Baek Noh Nam Sim Ha Joo Woo Min`)
	romaja      = strings.Fields(`min jun seo yeon ji woo hyun soo jin young hee sun kyung mi eun hye jae ho sung tae dong won ah na ra yoo chan bin seok chul hwan gyu in kwang sook ja`)
	arabicNames = strings.Fields(`Muhammad Ahmad Hassan Hussein Ali Omar Khalid Yasser Yusuf Ibrahim Ismail Abdullah Mustafa Mahmoud Salim Karim Rashid Nasser Tariq Walid
		Ziad Faisal Hamid Jamal Samir Nabil Bashar Hafez Anwar Saddam Qusay Zarqawi Sistani Maliki Jaafari Chalabi Sadr Hakim Allawi Baghdadi Masri Shami Tikriti Najafi
		Rahman Aziz Latif Majid Sharif Haddad Khoury Mansour Saleh Awad Barghouti Abbas Haniyeh Dahlan Qureia Erekat Yassin Rantisi Fatima Aisha Zainab Layla Maryam Noor
		Huda Amal Rania Salma Dalia Samira Nadia Hanan Iman Muqtada Moqtada Iyad Hazem Yaqubi Shaalan Osama Ayman Zawahiri Laden Mubarak Gaddafi Assad Saud Thani Maktoum`)
)

// glue is a space and the name; the particles O' and Mc take it without.
func glue(last string) string { return " " + last }

func capital(f *filler) string { return string(rune('A' + f.r.IntN(26))) }

func (f *filler) reversed() string {
	if spaceless[f.lang] {
		return f.person()
	}
	s := f.last() + ", " + f.first()
	if chance(f.r, 0.25) {
		s += " " + capital(f) + "."
	}
	return s
}

// rare is one name, mostly one that no list has.
func (f *filler) rare() string {
	if spaceless[f.lang] {
		return f.person()
	}
	switch x := f.r.Float64(); {
	case x < 0.3:
		return f.blend(f.in("last", "en"))
	case x < 0.45:
		return f.blend(f.in("female", pick(f.r, []string{"en_IN", "es", "fr_BE", "it", "cs_CZ", "hr"})))
	case x < 0.6:
		return f.anyName()
	case x < 0.65:
		return f.last() + "-" + f.last()
	case x < 0.8:
		return f.first()
	}
	return f.last()
}

// listed is a name as registers have it: the family name first, without a comma.
func (f *filler) listed() string {
	if spaceless[f.lang] || chance(f.r, 0.3) {
		return f.person()
	}
	s := f.last() + " " + f.first()
	if chance(f.r, 0.4) {
		s += " " + capital(f) + pick(f.r, []string{"", "."})
	}
	return s
}

func (f *filler) initials() string {
	if spaceless[f.lang] {
		return f.person()
	}
	switch f.r.IntN(4) {
	case 0:
		return capital(f) + ". " + f.last()
	case 1:
		return f.first() + " " + capital(f) + "."
	case 2:
		return capital(f) + "." + capital(f) + ". " + f.last()
	}
	return capital(f) + ". " + capital(f) + ". " + f.last()
}

func (f *filler) nick() string {
	if spaceless[f.lang] {
		return f.first()
	}
	return pick(f.r, nicks)
}

var (
	nicks = strings.Fields(`Bob Bobby Bill Billy Liz Lizzie Beth Betsy Kate Katie Kathy Cathy Jim Jimmy Tom Tommy Tim Sam Sammy Alex Max Ben
		Benny Dan Danny Dave Mike Mikey Mick Nick Nicky Joe Joey Jack Jake Will Rob Robbie Ron Ronnie Ted Teddy Tony Vic Vicky Maggie Meg
		Peggy Molly Polly Sue Susie Suzy Jen Jenny Jess Becky Mandy Debbie Deb Steph Nat Nate Pat Patty Trish Abby Ally Charlie Chuck Harry
		Hank Larry Lenny Lou Matt Andy Drew Ed Eddie Fred Freddy Gabe Gus Greg Jeff Jerry Josh Ken Kenny Leo Manny Mel Mo Pete Phil Ray
		Rick Ricky Rich Russ Sandy Shelly Stan Steve Stu Theo Val Walt Zach Zoe Frankie Franny Gabby Izzy Jojo Kiki Lola Mimi Nina Pepe Paco
		Lupe Chuy Beto Nacho Toni Uli Hansi Sepp Jojo Giggi Gigi Momo Yaya Tita`)
	popularFirst = strings.Fields(`James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph
		Jessica Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Margaret Mark Sandra Donald Ashley Steven
		Kimberly Paul Emily Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Dorothy George Melissa Timothy Deborah Ronald
		Stephanie Edward Rebecca Jason Sharon Jeffrey Laura Ryan Cynthia Jacob Kathleen Gary Amy Nicholas Angela Eric Shirley Jonathan Anna
		Stephen Brenda Larry Pamela Justin Emma Scott Nicole Brandon Helen Benjamin Samantha Samuel Katherine Gregory Christine Alexander
		Debra Frank Rachel Patrick Carolyn Raymond Janet Jack Catherine Dennis Maria Jerry Heather Tyler Diane Aaron Ruth Jose Julie Adam
		Olivia Nathan Joyce Henry Virginia Zachary Victoria Douglas Kelly Peter Lauren Kyle Christina Noah Joan Ethan Evelyn Jeremy Judith
		Walter Megan Christian Andrea Keith Cheryl Roger Hannah Terry Jacqueline Sean Martha Gerald Gloria Carl Teresa Dylan Ann Harold
		Sara Jordan Madison Jesse Frances Bryan Kathryn Lawrence Janice Arthur Jean Gabriel Abigail Bruce Alice Priya Wei Mohammed Fatima
		Ahmed Aisha Yuki Hiroshi Minjun Jiwoo Ravi Anjali Sanjay Deepa Chen Li Mei Juan Carlos Sofia Diego Lucia Ivan Olga Dmitri Natasha
		Kwame Amara Omar Leila Hassan Zainab Sven Ingrid Lars Freya Pierre Camille Hans Greta Luca Giulia Grace Hope Faith Rose Lily Daisy
		Will Mark Bill Drew Chase Grant Chance Hunter Mason Austin Dallas Paris London Sydney Chelsea Brooklyn Savannah Georgia Carolina
		Florence Dakota Phoenix Jordan Israel India Asia Kenya Chad Troy Lincoln Jackson Madison Cheyenne Sierra Summer Autumn April May
		June August Dawn Joy Angel Destiny Harmony Melody Art Rich Guy Gene Pat Rob Frank Ernest Earnest Victor Dean Earl Duke King Prince
		Judge Major Sterling Jade Ruby Pearl Amber Crystal Ivy Holly Heather Iris Violet Olive Ginger Basil Sage Rosemary Robin Jay Wren`)
	popularLast = strings.Fields(`Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
		Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen
		King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips
		Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson
		Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price
		Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson
		Barnes Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace West Cole Hayes Bryant
		Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Marshall Owens McDonald Harrison Kennedy Wells Alvarado Woods Washington
		Burns Freeman Webb Tucker Guzman Hunter Hicks Crawford Henry Boyd Mason Kennedy Warren Dixon Burke Rice Black Stone Hunt Fox Rose
		Berry Bishop Knight Lane Banks Park Day Little Bush Field Fields Waters Pope Sharp Swift Strong Love Hope Church Dean Chase Grant
		Cash Bond Case Cross Frost Snow Winter Summers May Marsh Moss Reed Rich Wise Singh Khan Ali Ahmed Hussain Shah Gupta Sharma Kumar
		Chen Wang Li Zhang Liu Yang Huang Zhao Wu Zhou Park Choi Jung Kang Cho Yoon Jang Lim Tanaka Suzuki Sato Watanabe Ito Yamamoto
		O'Brien O'Connor O'Neill D'Angelo D'Souza McCarthy MacDonald FitzGerald DeLuca VanDyke Müller Schmidt Schneider Fischer Weber`)
)
